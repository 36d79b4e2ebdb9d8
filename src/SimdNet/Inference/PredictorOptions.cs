using System;

namespace SimdNet;

/// <summary>How a predictor keeps a network, and who computes.</summary>
public sealed record PredictorOptions
{
    /// <summary>How the predictor keeps the weights. <see cref="WeightFormat.Full"/> by default: the predictions are those of the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the formats.</exception>
    public WeightFormat Weights
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Weights), value, "It is Full or BFloat16.");
    }

    /// <summary>Threads that a prediction of many rows is computed on, the caller among them: 1 to <see cref="WorkerTeam.MaxSize"/>. 1, the default, starts none. More make a team of the predictor's own, whose threads end when the predictor is collected; to end them at a time of your own, give a <see cref="Team"/> and dispose it. Predictions are the same bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Threads
    {
        get;
        init => field = WorkerTeam.CheckedSize(value);
    } = 1;

    /// <summary>A team that helps, which may be shared with others; it takes the place of <see cref="Threads"/>, and is its maker's to dispose. Null, the default, for none.</summary>
    public WorkerTeam? Team { get; init; }
}

/// <summary>How many bits of a weight a predictor keeps.</summary>
public enum WeightFormat
{
    /// <summary>All, as the network has them.</summary>
    Full,

    /// <summary>
    /// The upper 16 bits of a float, rounded to nearest, ties to even: each weight is off by at most 2⁻⁸ of its size, as long as that is at least 2⁻¹²⁶ and at most the largest bfloat16, 3.39e38. The predictor rounds
    /// the weights of layers with 32 units or more once, when it is made; biases and narrower layers stay as they are, and sums are computed in float as before. A prediction of one sample reads half as many bytes,
    /// which makes wide layers faster, least where most inputs are 0 (the rows of bfloat16 in perf-results, <c>bench/run.sh Prediction --case=bfloat16</c>); batches are predicted by the rounded weights at the speed of
    /// <see cref="Full"/>.
    /// </summary>
    BFloat16,
}
