namespace SimdNet.Kernels;

/// <summary>Losses that are a sum over elements, of an output x and a target y each, with the term f(x, y) and its derivative with respect to x. c is a parameter of some.</summary>
internal enum ElementLoss
{
    /// <summary>|x − y|; sign(x − y), 0 at 0.</summary>
    Absolute,

    /// <summary>m·(|d| − m/2) with d = x − y and m = min(|d|, c): d²/2 up to c, c·(|d| − c/2) beyond; the derivative is d within ±c.</summary>
    Huber,

    /// <summary>(y − 1)·max(ln(1 − x), −100) − y·max(ln x, −100) of a probability x; (x − y) / max((1 − x)·x, 1e-12).</summary>
    ProbabilityCrossEntropy,

    /// <summary>max(1 − s·x, 0) with s = −1 where y is 0, else y; −s where that is above 0, else 0.</summary>
    Hinge,

    /// <summary>eˣ − y·x of the logarithm x of a rate; eˣ − y.</summary>
    PoissonOfLog,

    /// <summary>x − y·ln(x + 1e-8) of a rate x; 1 − y / (x + 1e-8).</summary>
    PoissonOfRate,
}
