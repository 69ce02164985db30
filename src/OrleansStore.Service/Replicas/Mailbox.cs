using System.Diagnostics.CodeAnalysis;

namespace OrleansStore.Service.Replicas;

/// <summary>What waits for one bucket: many writers, one reader at a time. Costs next to nothing while it is empty, which for most buckets is always.</summary>
internal sealed class Mailbox
{
    private readonly Lock _gate = new();
    private Queue<HostInput>? _inputs;

    /// <summary>Whether nothing waits. What another thread has added before is seen, and what this thread wrote before is seen by whoever adds later.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _inputs is not { Count: > 0 };
            }
        }
    }

    /// <summary>How many inputs wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _inputs?.Count ?? 0;
            }
        }
    }

    /// <summary>Adds an input at the end.</summary>
    public void Add(HostInput input)
    {
        lock (_gate)
        {
            (_inputs ??= new Queue<HostInput>()).Enqueue(input);
        }
    }

    /// <summary>Looks at the next input. It stays where it is.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out HostInput input)
    {
        lock (_gate)
        {
            input = _inputs is { Count: > 0 } inputs ? inputs.Peek() : null;
            return input is not null;
        }
    }

    /// <summary>Drops the input that the reader has just looked at.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _inputs!.Dequeue();
        }
    }

    /// <summary>Gives back the memory of a mailbox in which nothing waits.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            _inputs = _inputs is { Count: > 0 } inputs ? inputs : null;
        }
    }
}
