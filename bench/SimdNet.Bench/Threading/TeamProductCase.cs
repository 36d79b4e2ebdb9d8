using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Kernels;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Threading;

/// <summary>A row of the suite of products, with two threads.</summary>
/// <param name="Row">The product.</param>
/// <param name="IsFinished">Forward ends in a bias and ReLU, the gradient of the input in ReLU's derivative: for SimdNet alone.</param>
public sealed record TeamProductCase(ProductCase Row, bool IsFinished = false) : Case(IsFinished ? $"{Row.Name}, relu" : Row.Name, Row.Element, Row.Work)
{
    public static IEnumerable<TeamProductCase> All(Type element) =>
    [
        .. ProductCase.All(element).Select(row => new TeamProductCase(row)),
        .. ((ProductKind[])[ProductKind.Forward, ProductKind.InputGradient]).SelectMany(kind => ((int[])[512, 1024]).Select(side => new TeamProductCase(new(kind, side, side, side, element), IsFinished: true))),
    ];

    /// <summary>Of each of the two cores.</summary>
    public override Demand Demand => Row.Demand.On(2);

    public override bool IsFor(string implementation) => IsFinished ? Implementations.IsOwn(implementation) : Row.IsFor(implementation);
}
