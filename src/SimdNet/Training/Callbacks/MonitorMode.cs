namespace SimdNet;

/// <summary>Which values of what is monitored are good.</summary>
public enum MonitorMode
{
    /// <summary>Large ones of a name that ends in accuracy, precision, recall, f1, auc or r2, or has top in it; small ones of all others.</summary>
    Auto,

    /// <summary>Small ones, as of a loss.</summary>
    Min,

    /// <summary>Large ones, as of an accuracy.</summary>
    Max,
}
