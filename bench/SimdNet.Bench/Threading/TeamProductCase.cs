using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Kernels;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Threading;

/// <summary>A row of the suite of products, with two threads.</summary>
public sealed record TeamProductCase(ProductCase Row) : Case(Row.Name, Row.Element, Row.Work)
{
    public static IEnumerable<TeamProductCase> All(Type element) => ProductCase.All(element).Select(row => new TeamProductCase(row));

    /// <summary>The roofs are measured of one core, so nothing is declared.</summary>
    public override Demand Demand => new(0, 0);

    public override bool IsFor(string implementation) => Row.IsFor(implementation);
}
