using System.Text;

namespace OrleansStore.Datacenters.Silos;

/// <summary>Names one run of one silo among the silos of its datacenter. Another run of the same silo has another name.</summary>
/// <param name="Text">The name; not empty. What it looks like is the engine's affair.</param>
public readonly record struct SiloName(string Text)
{
    // FNV-1a, 32 bits.
    private const uint HashOffset = 2166136261;
    private const uint HashPrime = 16777619;

    /// <summary>A number for the name, the same in every process. Two silos with equal ones would lose each other's answers; of a few silos and 2^32 numbers none do.</summary>
    public uint Tag
    {
        get
        {
            var hash = HashOffset;
            foreach (var b in Encoding.UTF8.GetBytes(Text))
            {
                hash = unchecked((hash ^ b) * HashPrime);
            }

            return hash;
        }
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
