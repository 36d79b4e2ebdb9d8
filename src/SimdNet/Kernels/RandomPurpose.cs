namespace SimdNet.Kernels;

/// <summary>What random numbers are for. Each purpose has streams of its own, so that drawing more of one never changes another.</summary>
internal enum RandomPurpose
{
    /// <summary>Initial parameters; the stream is the layer.</summary>
    Initialization = 1,

    /// <summary>Order of the samples; the stream is the epoch.</summary>
    Shuffle = 2,

    /// <summary>Which samples are held out.</summary>
    Split = 3,

    /// <summary>Which units are dropped; the stream is the step.</summary>
    Dropout = 4,
}
