namespace SimdNet;

/// <summary>How the scores of several classes become one, as in scikit-learn.</summary>
public enum Averaging
{
    /// <summary><see cref="Binary"/> of one output, else <see cref="Macro"/>.</summary>
    Auto,

    /// <summary>The score of class 1 alone, of two classes.</summary>
    Binary,

    /// <summary>Of the counts of all classes together, each row a prediction: the same as accuracy.</summary>
    Micro,

    /// <summary>The mean of the classes' scores, each counting alike. Classes that neither a target nor a prediction named are left out, as scikit-learn does unless it is told the labels.</summary>
    Macro,
}
