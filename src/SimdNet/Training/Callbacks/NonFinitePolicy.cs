namespace SimdNet;

/// <summary>What is done where a loss, a parameter or a moment became NaN or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The training ends with a <see cref="NonFiniteException"/>.</summary>
    Throw,

    /// <summary>The training ends, and <see cref="Trainer{T}.Fit"/> returns the epochs before. Where it is the loss, the parameters are those after the last step whose loss was finite.</summary>
    Stop,

    /// <summary>Parameters and optimizer go back to their last good state, and the epoch is run again with a lower learning rate.</summary>
    RollBack,
}
