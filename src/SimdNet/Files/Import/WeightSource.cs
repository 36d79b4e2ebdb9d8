namespace SimdNet;

/// <summary>Whose names and layout the weights of a file have.</summary>
public enum WeightSource
{
    /// <summary>The one that the names of the tensors tell; where they tell nothing (arr_0, arr_1, …), the one that the shapes allow. Where both would fit, none is taken.</summary>
    Automatic,

    /// <summary>PyTorch: LAYER.weight [units × inputs], which is transposed, LAYER.bias, and weight, bias, running_mean, running_var of normalizations. num_batches_tracked is passed over.</summary>
    PyTorch,

    /// <summary>Keras: LAYER/kernel [inputs × units], LAYER/bias, and gamma, beta, moving_mean, moving_variance of normalizations, with or without ":0" behind them.</summary>
    Keras,

    /// <summary>This library: W1 [inputs × units], b1, gamma1, beta1, running_mean1, running_var1, …, as <see cref="Network{T}.Parameters"/> names them.</summary>
    Numpy,
}
