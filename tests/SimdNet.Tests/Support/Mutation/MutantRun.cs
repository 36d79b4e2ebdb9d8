using System;
using System.Diagnostics;
using System.Threading;

using Xunit;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Feeds a reader with damaged files and watches it: the one documented exception, bounded memory, no hang, messages of one printable line.</summary>
/// <param name="read">Reads a file that lies in memory.</param>
/// <param name="mutate">Makes a damaged one.</param>
/// <param name="documented">What the reader may throw.</param>
internal sealed class MutantRun(Action<byte[]> read, Func<Random, byte[]> mutate, Type documented)
{
    /// <summary>Mutants that share a generator: the n-th is the same however many threads there are.</summary>
    private const int Block = 1_000;

    /// <summary>What a reader may allocate beyond twice the file.</summary>
    private const long FreeAllocation = 64L << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>How often a slow file is read again: a machine that is busy with something else stops threads for longer than a reader may take, but not each time.</summary>
    private const int Retries = 3;

    private int _nextBlock;
    private long _done;
    private long _refused;
    private volatile string? _fault;

    /// <summary>What is wrong with the reader, and the file that shows it; null where nothing was found.</summary>
    public string? Fault => _fault;

    /// <summary>Files that were read or refused as they should be.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Files that were refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Runs on all processors until there were so many, the time is over, or one shows a fault.</summary>
    public void Run(long count, TimeSpan budget)
    {
        long start = Stopwatch.GetTimestamp();
        Lane[] lanes = new Lane[Environment.ProcessorCount];
        for (int i = 0; i < lanes.Length; i++)
        {
            Lane lane = lanes[i] = new Lane();
            lane.Thread = new Thread(() => _fault = Record.Exception(() => RunBlocks(lane, count, start, budget))?.ToString() ?? _fault) { IsBackground = true };
            lane.Thread.Start();
        }

        foreach (Lane lane in lanes)
        {
            while (lane.Thread!.IsAlive && _fault is null)
            {
                long seen = Volatile.Read(ref lane.Read);
                if (!Watchdog.Wait(slice => lane.Thread.Join(slice) || Volatile.Read(ref lane.Read) != seen || _fault is not null, Watchdog.Limit))
                {
                    _fault = $"hangs\n{Convert.ToHexString(lane.File!)}";
                }
            }
        }
    }

    /// <summary>Reads one file; what is wrong with that, null where nothing is.</summary>
    public string? FaultWith(byte[] file, out bool refused)
    {
        string? fault = null;
        refused = false;
        for (int attempt = 0; attempt <= Retries; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            Exception? error = null;
            try
            {
                read(file);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            TimeSpan time = Stopwatch.GetElapsedTime(start);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            refused = error is not null;
            fault = error is not null && error.GetType() != documented ? error.ToString()
                : allocated > FreeAllocation + (2L * file.Length) ? $"allocates {allocated} bytes for a file of {file.Length}"
                : error is SimdNetFormatException && !IsOneLine(error.Message) ? $"says what no terminal should show: {error.Message}"
                : time > MaxTime ? $"takes {time}"
                : null;
            if (time <= MaxTime)
            {
                break;
            }
        }

        return fault is null ? null : $"{fault}\n{Convert.ToHexString(file)}";
    }

    private static bool IsOneLine(string message)
    {
        foreach (char character in message)
        {
            if (char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    private void RunBlocks(Lane lane, long count, long start, TimeSpan budget)
    {
        while (_fault is null && Stopwatch.GetElapsedTime(start) < budget)
        {
            int block = Interlocked.Increment(ref _nextBlock) - 1;
            long first = (long)block * Block;
            if (first >= count)
            {
                return;
            }

            Random random = new(block);
            int refusals = 0;
            int files = (int)Math.Min(Block, count - first);
            for (int i = 0; i < files; i++)
            {
                byte[] file = mutate(random);
                lane.File = file;
                string? fault = FaultWith(file, out bool refused);
                Volatile.Write(ref lane.Read, lane.Read + 1);
                refusals += refused ? 1 : 0;
                if (fault is not null)
                {
                    _fault = fault;
                    return;
                }
            }

            Interlocked.Add(ref _done, files);
            Interlocked.Add(ref _refused, refusals);
        }
    }

    private sealed class Lane
    {
        public Thread? Thread;
        public byte[]? File;
        public long Read;
    }
}
