using System;
using System.Numerics;

namespace SimdNet.Threading;

/// <summary>Keeps a sleeping thread from being woken on the processor of the one who wakes it, where it would wait until that one has done all the work.</summary>
/// <remarks>
/// Linux wakes a thread near its waker when it takes no other processor to be idle, and in virtual machines it often takes none to be; there the thread stays until the load is balanced, for many calls. What the thread
/// may run on is therefore narrowed before it is woken: all that it was started with, but the caller's. It costs a system call where the caller has moved since the last time, and nothing where it has not.
/// </remarks>
internal sealed class OtherProcessors
{
    private const int WordBits = 64;

    private readonly int _thread;
    private readonly ulong[] _mask;
    private int _avoided = -1;

    private OtherProcessors(int thread, ulong[] mask)
    {
        _thread = thread;
        _mask = mask;
    }

    /// <summary>Those of the calling thread; null where there is no choice, or no way to make it.</summary>
    public static OtherProcessors? OfCallingThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        ulong[] mask = new ulong[ThreadPlacement.LinuxProcessors / WordBits];
        try
        {
            if (ThreadPlacement.GetAffinity(0, ThreadPlacement.LinuxProcessors / 8, mask) < 0)
            {
                return null;
            }

            int processors = 0;
            foreach (ulong word in mask)
            {
                processors += BitOperations.PopCount(word);
            }

            return processors < 2 ? null : new(ThreadPlacement.GetThread(), mask);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps the thread off the processor that the caller is on now. While the thread sleeps, and for one caller at a time: what has ended has no number any more, or one that belongs to another.</summary>
    public void AvoidCaller()
    {
        int processor = ThreadPlacement.GetProcessor();
        if (processor == _avoided || (uint)processor >= ThreadPlacement.LinuxProcessors)
        {
            return;
        }

        _avoided = processor;
        ref ulong word = ref _mask[processor / WordBits];
        ulong allowed = word;
        word &= ~(1UL << (processor % WordBits));

        // Where it is refused, as where the system has since taken the others away, the thread stays where it may be.
        _ = ThreadPlacement.SetAffinity(_thread, ThreadPlacement.LinuxProcessors / 8, _mask);
        word = allowed;
    }
}
