namespace SimdNet.Bench;

/// <summary>The names that the results give to those who do a case's work; a suite's class has one method for each. The first is what the others are compared with.</summary>
internal static class Implementations
{
    public const string SimdNet = "SimdNet";

    /// <summary>SimdNet without a team, where the suite gives it one.</summary>
    public const string OneThread = "SimdNet, 1 thread";

    /// <summary>SimdNet with a team and nobody beside it, where the suite has others beside it.</summary>
    public const string Alone = "SimdNet alone";

    /// <summary>SimdNet compiled ahead of time, where the suite starts programs.</summary>
    public const string Native = "SimdNet, native code";

    /// <summary>SimdNet made to compute a product where its operands lie: see <see cref="Kernels.ProductWays"/>, here and in the next ones.</summary>
    public const string Direct = "Direct";

    public const string TilesOfA = "A in tiles";

    public const string Packed = "Both packed";

    public const string FewColumns = "Few columns";

    public const string ColumnsOfC = "Columns of C";

    public const string TransposeOfC = "Transpose of C";

    public const string PanelByPanel = "Panel by panel";

    public const string AllPanelsPlain = "Plain stores";

    /// <summary>System.Threading.Tasks.</summary>
    public const string ParallelFor = "Parallel.For";

    /// <summary>Scalar loops over arrays, written here without vectors, blocking or threads.</summary>
    public const string Naive = "Naive";

    /// <summary>System.Numerics.Tensors.</summary>
    public const string TensorPrimitives = "TensorPrimitives";

    public const string OpenBlas = "OpenBLAS";

    public const string Blis = "BLIS";

    public const string OneDnn = "oneDNN";

    /// <summary>MathNet.Numerics with its managed provider.</summary>
    public const string MathNet = "MathNet";

    /// <summary>Plain loops in C, compiled on this machine.</summary>
    public const string C = "C -O3";

    public const string Fann = "FANN";

    public const string TorchSharp = "TorchSharp";

    /// <summary>Microsoft.ML.</summary>
    public const string MlNet = "ML.NET";

    public const string OnnxRuntime = "ONNX Runtime";

    /// <summary>Whether it is SimdNet itself, in one way or another, and no peer.</summary>
    public static bool IsOwn(string name) => name is SimdNet or OneThread or Alone or Native;
}
