namespace SimdNet.Training;

/// <summary>How far an epoch has come.</summary>
internal struct EpochProgress
{
    /// <summary>Its number, from 1.</summary>
    public int Epoch;

    /// <summary>Rows that were trained on.</summary>
    public int Done;

    /// <summary>The last batch that was begun, from 0, and its rows; of single steps that are made in one call, the first.</summary>
    public int Batch;
    public int Start;
    public int Count;

    /// <summary>Of the loss' terms, and of the weights of their rows.</summary>
    public double Sum;
    public double Weight;

    /// <summary>Of the steps' penalties, each times what the rows of its step weigh.</summary>
    public double Penalty;

    public double Right;
}
