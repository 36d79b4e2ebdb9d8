namespace SimdNet;

/// <summary>What is done where a loss, a parameter or a moment became NaN or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The training ends with a <see cref="NonFiniteException"/>.</summary>
    Throw,

    /// <summary>The training ends, and <see cref="Trainer{T}.Fit"/> returns the epochs before. Where it is the loss, the parameters are those after the last step whose loss was finite.</summary>
    Stop,

    /// <summary>Parameters and optimizer go back to the epoch with the lowest training loss so far, and the epoch that failed is run again with a lower learning rate; <see cref="TerminateOnNaN{T}"/> says how.</summary>
    RollBack,
}
