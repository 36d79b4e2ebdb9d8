namespace SimdNet.Cli.Data;

/// <summary>The kinds of DATA that a command line can name.</summary>
internal enum DataKind
{
    BuiltIn,
    Csv,
    Npy,
    Npz,
    IdxFolder,
}
