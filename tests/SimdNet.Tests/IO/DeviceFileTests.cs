using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

using SimdNet.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.IO;

/// <summary>What is no file is written to where it is: as a shell has it open, or as it lies in its folder.</summary>
public sealed class DeviceFileTests : IDisposable
{
    /// <summary>The name of <see cref="Write"/> as a process of its own.</summary>
    public const string Writer = "output-writer";

    /// <summary>The name of <see cref="WriteLog"/> as a process of its own.</summary>
    public const string LogWriter = "log-writer";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Outputs { get; } = ["/dev/stdout", "/dev/fd/1", "link", "folder/stdout"];

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a text to a path as every writer of the library does.</summary>
    internal static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Nothing that was in the file or is written to it before and after is lost, also where a shell does not append and the processes share one place in the file.</summary>
    [UnixTheory]
    [MemberData(nameof(Outputs))]
    public void Standard_output_goes_on_where_a_shell_has_it(string output)
    {
        string log = _folder.Text("log", "first\n");
        Links();
        Shell($"{{ echo before; {Command(output)}; echo after; }} >> log");
        Assert.Equal("first\nbefore\nwritten\nafter\n", File.ReadAllText(log));
        if (output == "/dev/stdout")
        {
            Shell($"{{ echo before; {Command(output)}; echo after; }} > log; {{ echo before; {Command(output)}; }} | cat >> log; {{ {Command("/dev/fd/5")}; echo after >&5; }} 5>> log");
            Assert.Equal("before\nwritten\nafter\nbefore\nwritten\nwritten\nafter\n", File.ReadAllText(log));
        }
    }

    [UnixTheory]
    [InlineData("pipe")]
    [InlineData("link")]
    public void A_named_pipe_is_written_into_and_stays(string output)
    {
        Shell("mkfifo pipe; ln -s pipe link");
        Exception? error = null;
        Thread writer = new(() => error = Record.Exception(() => Write(_folder.File(output), "written\n"))) { IsBackground = true };
        writer.Start();
        Shell("cat pipe > read");
        Assert.True(Watchdog.Wait(writer.Join, Watchdog.Limit), "The writer hangs.");
        Assert.Null(error);
        Assert.Equal("written\n", File.ReadAllText(_folder.File("read")));
        Assert.True(FileKind.IsPipe(_folder.File("pipe")));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    /// <summary>Somebody else's pipe, say, that anybody may write into: in a folder of both, a file would take its place.</summary>
    [LinuxFact]
    public void A_named_pipe_that_may_not_be_read_is_written_into_and_stays()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            // Who may read it, to say what came, would have to be another user.
            return;
        }

        const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string pipe = _folder.File("pipe");
        Shell("mkfifo pipe");
        File.SetUnixFileMode(_folder.Path, All);
        File.SetUnixFileMode(pipe, UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        Write(_folder.File("before"), "once, since what it loads may be the administrator's");
        File.Delete(_folder.File("before"));
        using Process reader = Reader("cat pipe");
        Exception? error = Unprivileged.ErrorOf(() => Write(pipe, "written\n"));
        bool isRead = Watchdog.Wait(reader.WaitForExit, error is null && FileKind.IsPipe(pipe) ? Watchdog.Limit : TimeSpan.Zero);
        if (!isRead)
        {
            reader.Kill(entireProcessTree: true);
        }

        Assert.Null(error);
        Assert.True(isRead, "Nothing was written into the pipe.");
        Assert.Equal("written\n", reader.StandardOutput.ReadToEnd());
        Assert.Equal([pipe], Directory.GetFileSystemEntries(_folder.Path));
    }

    [LinuxFact]
    public void A_socket_is_refused_by_its_path_and_stays()
    {
        string path = _folder.File("socket");
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        Action[] uses = [() => Write(path, "x"), () => InputFile.Open(path), () => AppendFile.Open(path, FileMode.OpenOrCreate)];
        foreach (Action use in uses)
        {
            Assert.Contains(path, Assert.ThrowsAny<IOException>(use).Message, StringComparison.Ordinal);
            using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(path));
        }

        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>To open the pipe and to go away would take the text of who waits to write into it.</summary>
    [LinuxFact]
    public void Who_waits_at_a_named_pipe_is_left_alone()
    {
        Shell("mkfifo pipe");
        string pipe = _folder.File("pipe");
        using Process writer = Reader("echo waited > pipe");
        Thread.Sleep(200);
        Assert.Throws<IOException>(() => InputFile.Open(pipe));
        Assert.Throws<IOException>(() => AppendFile.Open(pipe, FileMode.OpenOrCreate));
        Assert.False(writer.HasExited);
        Shell("timeout 20 cat pipe > read");
        Assert.Equal("waited\n", File.ReadAllText(_folder.File("read")));
        writer.WaitForExit();
    }

    /// <summary>What grows line by line must be a file: its end is looked at.</summary>
    [UnixTheory]
    [InlineData("/dev/stdout")]
    [InlineData("pipe")]
    public void A_log_is_a_file(string output)
    {
        Shell($"mkfifo pipe; {{ {Command(output, LogWriter)}; }} 2> error | cat > read; test ! -s read");
        Assert.StartsWith($"{nameof(IOException)}: {output}", File.ReadAllText(_folder.File("error")), StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("/dev/fd/987")]
    [InlineData("/dev/full")]
    public void What_cannot_be_written_to_is_told_with_its_path(string path)
    {
        if (path == "/dev/full" && !File.Exists(path))
        {
            return;
        }

        IOException error = Assert.Throws<IOException>(() => Write(path, "x"));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    /// <summary>By name alone: a writer that takes the link for a file would put one in the device's place.</summary>
    [Fact]
    public void What_leads_to_a_device_is_known()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.CreateSymbolicLink(_folder.File("null"), "/dev/null");
        File.CreateSymbolicLink(_folder.File("twice"), _folder.File("null"));
        Directory.CreateSymbolicLink(_folder.File("devices"), "/dev");
        _folder.Text("plain", "");
        File.CreateSymbolicLink(_folder.File("file"), _folder.File("plain"));
        Assert.All((string[])["/dev/null", _folder.File("null"), _folder.File("twice"), Path.Combine(_folder.File("devices"), "null")], path => Assert.True(DeviceFile.IsBehind(path), path));
        Assert.All((string[])[_folder.File("plain"), _folder.File("file"), _folder.File("none"), Path.Combine(_folder.File("none"), "none")], path => Assert.False(DeviceFile.IsBehind(path), path));
    }

    /// <summary>A log as trainings write it; what is wrong goes to standard error.</summary>
    internal static void WriteLog(string path)
    {
        Dataset<float> data = new(new float[4], 2, new int[2]);
        Exception? error = Record.Exception(() => NetworkSpec.Parse("2,2:softmax").Build<float>().Fit(data, options: new() { Epochs = 1, Callbacks = [new CsvLogger<float>(path)] }));
        Console.Error.WriteLine($"{error?.GetType().Name}: {error?.Message}");
    }

    private static string Command(string output, string writer = Writer) => $"'{DotnetProcess.Host}' '{Path.Combine(AppContext.BaseDirectory, "SimdNet.Tests.dll")}' {writer} {output} written";

    private Process Reader(string script) => Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true })!;

    private void Links()
    {
        File.CreateSymbolicLink(_folder.File("link"), "/dev/stdout");
        Directory.CreateSymbolicLink(_folder.File("folder"), "/dev");
    }

    private void Shell(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.Path })!;
        bool ended = Watchdog.Wait(shell.WaitForExit, Watchdog.Limit);
        if (!ended)
        {
            shell.Kill(entireProcessTree: true);
        }

        Assert.True(ended, $"{script} hangs.");
        Assert.Equal(0, shell.ExitCode);
    }
}
