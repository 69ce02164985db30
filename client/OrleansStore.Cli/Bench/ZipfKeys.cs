namespace OrleansStore.Cli.Bench;

/// <summary>Chooses the n-th key (from 1) with a probability in proportion to n^-0.99.</summary>
/// <remarks>
/// Rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996): inverts the integral of x^-s over [1/2, n + 1/2],
/// rounds, and rejects the little by which the histogram differs from the curve. Constant time and no table, however many keys there are; the first keys need no second draw.
/// </remarks>
internal sealed class ZipfKeys : IKeyPicker
{
    /// <summary>The exponent that YCSB made customary. The integral below has no other form for it than for any exponent but 1.</summary>
    public const double Exponent = 0.99;

    private readonly int _count;
    private readonly IRandomSource _random;
    private readonly double _integralFirst;
    private readonly double _integralLast;
    private readonly double _shortcut;

    public ZipfKeys(int count, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = count;
        _random = random;
        _integralFirst = Integral(1.5) - 1;
        _integralLast = Integral(count + 0.5);
        _shortcut = 2 - InverseIntegral(Integral(2.5) - Weight(2));
    }

    public int Next()
    {
        while (true)
        {
            var u = _integralLast + (_random.NextFraction() * (_integralFirst - _integralLast));
            var x = InverseIntegral(u);
            var rank = Math.Clamp((int)(x + 0.5), 1, _count);
            if (rank - x <= _shortcut || u >= Integral(rank + 0.5) - Weight(rank))
            {
                return rank - 1;
            }
        }
    }

    private static double Weight(double x) => Math.Pow(x, -Exponent);

    // The integral of x^-s, up to a constant, and its inverse.
    private static double Integral(double x) => (Math.Pow(x, 1 - Exponent) - 1) / (1 - Exponent);

    private static double InverseIntegral(double y) => Math.Pow(1 + (y * (1 - Exponent)), 1 / (1 - Exponent));
}
