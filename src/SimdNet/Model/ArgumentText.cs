using System;

namespace SimdNet.Model;

/// <summary>What an exception about an argument says to those who gave a text or a file, and know no argument.</summary>
internal static class ArgumentText
{
    /// <summary>The message without the name of the parameter, which .NET puts behind it, and its value on a line of its own.</summary>
    public static string Of(Exception error)
    {
        int end = error is ArgumentException argument ? error.Message.IndexOf($" (Parameter '{argument.ParamName}')", StringComparison.Ordinal) : -1;
        return end < 0 ? error.Message : error.Message[..end];
    }
}
