namespace OrleansStore.Silo.Settings;

/// <summary>A value as it was given.</summary>
/// <param name="Text">The text; not yet checked.</param>
/// <param name="Source">Where it was given, as the user knows it: a flag, a variable, or a name in a file.</param>
internal readonly record struct SettingValue(string Text, string Source)
{
    /// <summary>For messages: <c>--buckets 63</c>.</summary>
    public override string ToString() => $"{Source} {(Text.Length == 0 ? "(empty)" : Text)}";
}
