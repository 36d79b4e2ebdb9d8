namespace SimdNet.Memory;

/// <summary>Work in numbered parts that write apart, so that any thread may do any of them at any time: they may not depend on each other.</summary>
internal interface IPartedWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Its number, from 0.</param>
    /// <param name="worker">Whose memory it may use between its start and its end: 0 for the caller, below the size of its team. No two threads have the same at a time.</param>
    void Run(int part, int worker);
}
