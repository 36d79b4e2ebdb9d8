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

    /// <summary>Which units are dropped; the stream is the step and the layer, see <see cref="DropoutMask"/>.</summary>
    Dropout = 4,

    /// <summary>Directions along which gradients are checked; the stream is the tensor and the direction.</summary>
    Directions = 5,

    /// <summary>Rows and parameters that are made up where a check is given none.</summary>
    Sample = 6,

    /// <summary>Which rows are in which fold of a cross-validation, and their order in it; the stream is the class, or the fold.</summary>
    Folds = 7,

    /// <summary>What a search tries; the stream is the trial.</summary>
    Search = 8,
}
