namespace OrleansStore.Http.Targets;

/// <summary>What came of decoding a percent-encoded text.</summary>
internal enum PercentDecoding
{
    /// <summary>The text was decoded.</summary>
    Decoded = 1,

    /// <summary>A percent sign is not followed by two hexadecimal digits.</summary>
    BadEscape = 2,

    /// <summary>A character must be escaped.</summary>
    BadCharacter = 3,

    /// <summary>The bytes are more than allowed.</summary>
    TooLong = 4,
}
