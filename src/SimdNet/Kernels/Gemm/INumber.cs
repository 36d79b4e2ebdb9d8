namespace SimdNet.Kernels;

/// <summary>A number as a type, so that a body that is generic over it is compiled once for each number, without what the number leaves out.</summary>
internal interface INumber
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <inheritdoc cref="INumber"/>
internal readonly struct One : INumber
{
    public static int Value => 1;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Two : INumber
{
    public static int Value => 2;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Three : INumber
{
    public static int Value => 3;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Four : INumber
{
    public static int Value => 4;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Five : INumber
{
    public static int Value => 5;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Six : INumber
{
    public static int Value => 6;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Seven : INumber
{
    public static int Value => 7;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Eight : INumber
{
    public static int Value => 8;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Nine : INumber
{
    public static int Value => 9;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Ten : INumber
{
    public static int Value => 10;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Eleven : INumber
{
    public static int Value => 11;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Twelve : INumber
{
    public static int Value => 12;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Thirteen : INumber
{
    public static int Value => 13;
}

/// <inheritdoc cref="INumber"/>
internal readonly struct Fourteen : INumber
{
    public static int Value => 14;
}
