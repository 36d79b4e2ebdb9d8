using System.Collections.Generic;
using System.Numerics;

namespace SimdNet;

/// <summary>A network whose parameters come from another library's file.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Network">The network.</param>
/// <param name="Source">Whose names and layout the file had; never <see cref="WeightSource.Automatic"/>.</param>
/// <param name="Tensors">Where each parameter came from, in the order of <see cref="Network{T}.Parameters"/>.</param>
public sealed record ImportedNetwork<T>(Network<T> Network, WeightSource Source, IReadOnlyList<ImportedTensor> Tensors)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Where a parameter came from.</summary>
/// <param name="Parameter">The network's tensor.</param>
/// <param name="Name">The file's tensor; null where the file has none, as of a normalization without scale or shift, and the parameter is all 1 or all 0.</param>
/// <param name="Shape">The tensor's shape in the file.</param>
/// <param name="IsTransposed">Whether rows and columns were exchanged.</param>
public sealed record ImportedTensor(ParameterInfo Parameter, string? Name, IReadOnlyList<int> Shape, bool IsTransposed);
