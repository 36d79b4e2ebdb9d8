namespace SimdNet.Kernels;

/// <summary>One optimizer's rule, with its settings in every lane: a loop keeps them in registers, where a number that is broadcast for each vector would take the units that the rule needs.</summary>
internal interface IUpdate<TVector>
    where TVector : unmanaged
{
    /// <summary>Moments beside each parameter: 0 to 3.</summary>
    static abstract int Moments { get; }

    /// <summary>The parameter and its moments after the step.</summary>
    /// <param name="parameter">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">First moment, 0 where there is none.</param>
    /// <param name="second">Second moment, 0 where there is none.</param>
    /// <param name="third">Third moment, 0 where there is none.</param>
    void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third);
}
