using System;

using SimdNet.Tests.IO;
using SimdNet.Tests.Threading;
using SimdNet.Tests.Training.Checkpoints;

namespace SimdNet.Tests.Support;

/// <summary>The tests as a program: what one of them does in a process of its own, whose environment it chooses.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [TeamProcess.Name, string situation]:
                TeamProcess.Run(Enum.Parse<TeamSituation>(situation));
                return 0;
            case [CheckpointGoldenTests.Maker, string folder]:
                CheckpointGoldenTests.MakeVersion1(folder);
                return 0;
            case [CheckpointWriter.Name, string folder, string way]:
                CheckpointWriter.Run(folder, way);
                return 0;
            case [DeviceFileTests.Writer, string path, string text]:
                DeviceFileTests.Write(path, text + '\n');
                return 0;
            case [DeviceFileTests.LogWriter, string path, _]:
                DeviceFileTests.WriteLog(path);
                return 0;
            case [ResumeProcess.Name, string name, string folder, string step]:
                ResumeProcess.Run(name, folder, step);
                return 0;
            default:
                Console.Error.WriteLine("Tests are run by dotnet test.");
                return 1;
        }
    }
}
