namespace OrleansStore.Consensus;

/// <summary>How the data of an <see cref="Entry"/> is to be read. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum EntryType : byte
{
    /// <summary>A command of the state machine; empty data means nothing is to be done.</summary>
    Normal = 1,

    /// <summary>An encoded <see cref="Membership.ConfigChange"/>.</summary>
    ConfigChange = 2,
}
