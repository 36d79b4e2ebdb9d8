namespace SimdNet.Bench;

/// <summary>The names that the results give to those who do a case's work; a suite's class has one method for each. The first is what the others are compared with.</summary>
internal static class Implementations
{
    public const string SimdNet = "SimdNet";

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
}
