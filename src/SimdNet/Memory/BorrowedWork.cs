using System.Runtime.CompilerServices;

namespace SimdNet.Memory;

/// <summary>Work that lies on the stack of the thread that waits for it, as other threads see it: an address, and the method that knows what is there.</summary>
/// <remarks>
/// It is how spans reach other threads without an allocation. The lender must not leave the method that holds the work before the last part has ended; until then the garbage collector
/// finds the references in it through the lender's frame, and corrects them there.
/// </remarks>
internal readonly unsafe struct BorrowedWork
{
    private readonly void* _work;
    private readonly delegate*<void*, int, int, void> _run;
    private readonly int _first;

    private BorrowedWork(void* work, delegate*<void*, int, int, void> run, int first)
    {
        _work = work;
        _run = run;
        _first = first;
    }

    /// <param name="work">On the caller's stack.</param>
    /// <param name="first">The part that is lent as part 0.</param>
    public static BorrowedWork Of<TWork>(ref TWork work, int first)
        where TWork : struct, IPartedWork, allows ref struct => new(Unsafe.AsPointer(ref work), &Run<TWork>, first);

    /// <inheritdoc cref="IPartedWork.Run"/>
    public void Run(int part, int worker) => _run(_work, _first + part, worker);

    private static void Run<TWork>(void* work, int part, int worker)
        where TWork : struct, IPartedWork, allows ref struct => Unsafe.AsRef<TWork>(work).Run(part, worker);
}
