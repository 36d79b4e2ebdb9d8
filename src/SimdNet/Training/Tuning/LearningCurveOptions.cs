using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet;

/// <summary>How a learning curve against the number of rows is measured.</summary>
public sealed record LearningCurveOptions
{
    /// <summary>Parts of the rows that a fold trains on, each above 0 and at most 1. 0.1, 0.325, 0.55, 0.775 and 1, as in scikit-learn.</summary>
    /// <exception cref="ArgumentException">There is none, or one is out of range.</exception>
    public IReadOnlyList<double> Shares
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Shares));
            foreach (double share in value)
            {
                if (!(share is > 0 and <= 1))
                {
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A share of the rows is above 0 and at most 1, not {share}."), nameof(Shares));
                }
            }

            field = value.Count > 0 ? value : throw new ArgumentException("A curve has at least one point.", nameof(Shares));
        }
    } = [0.1, 0.325, 0.55, 0.775, 1];

    /// <summary>Folds and team. The seed also decides in which order a fold's rows are added.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public CrossValidationOptions CrossValidation
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(CrossValidation));
            field = value;
        }
    } = new();
}
