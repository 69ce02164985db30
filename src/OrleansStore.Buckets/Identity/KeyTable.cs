using System.Text;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Map;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Identity;

/// <summary>The idempotency keys that a bucket remembers, with their answers.</summary>
/// <remarks>A key holds no time of its own, so a copy that arrives after the retention is taken for a new request: that is what the window means, and
/// the store's deadlines (a minute at most) keep its own copies well inside.</remarks>
internal sealed class KeyTable(BucketLimits limits)
{
    private readonly ByteTree<KeyByText> _byText = new();

    // Invariant: the same items as in _byText.
    private readonly ByteTree<KeyByTime> _byTime = new();

    public int Count => _byText.Count;

    /// <summary>The latest time at which a key was remembered that is forgotten by now; <see cref="WallTime.Zero"/> if none was forgotten.</summary>
    public WallTime ForgottenThrough { get; private set; }

    public TreeView<KeyByText> View() => _byText.View();

    /// <summary>Says what is known of a request; changes nothing.</summary>
    /// <param name="key">The idempotency key.</param>
    /// <param name="content">The fingerprint of the request; null where only the outcome is asked for.</param>
    public Recollection Recall(string key, Fingerprint? content)
    {
        Span<byte> text = stackalloc byte[RequestId.MaxKeyLength];
        text = text[..Encoding.ASCII.GetBytes(key, text)];
        if (_byText.Find(text) is { } item)
        {
            return Recollection.Of(new KeyItem(item).Memory, content);
        }

        // A key that is due but not yet forgotten still counts: only keys within their time can make a bucket full for long, because a command
        // forgets more keys than it adds.
        return new Recollection(_byText.Count < limits.MaxKeys ? Admission.New : Admission.Throttled);
    }

    /// <summary>Whether a request that is not remembered may have been decided and forgotten.</summary>
    /// <param name="firstSent">When its first copy was sent, by a clock that differs from the leaders' by at most the allowed clock lead.</param>
    public bool MayHaveForgotten(WallTime firstSent) =>

        // Decided at an applied time not before firstSent - F, and forgotten keys were decided at ForgottenThrough at the latest.
        ForgottenThrough != WallTime.Zero && firstSent - ForgottenThrough <= limits.AllowedClockLead;

    /// <summary>Keeps the answer to a request that <see cref="Recall"/> called new.</summary>
    public void Remember(string key, Fingerprint content, WriteResult answer, WallTime now)
    {
        var item = KeyItem.Create(key, now, content, answer);
        Restore(new KeyItem(item));
    }

    /// <summary>Forgets keys whose time is over, the oldest first, as many as one command may.</summary>
    public void ForgetOld(WallTime now)
    {
        for (var i = 0; i < limits.MaxKeyForgetsPerCommand; i++)
        {
            if (_byTime.Current.First() is not { } item || now - new KeyItem(item).RememberedAt < limits.KeyRetention)
            {
                return;
            }

            _byTime.Remove(KeyByTime.Of(item));
            _byText.Remove(KeyByText.Of(item));
            ForgottenThrough = new KeyItem(item).RememberedAt;
        }
    }

    /// <summary>Adds a key of a snapshot.</summary>
    public void Restore(KeyItem item)
    {
        var replaced = _byText.Put(item.Bytes);
        Invariant.Check(replaced is null, "a request is decided once");
        _byTime.Put(item.Bytes);
    }

    /// <summary>Sets what a snapshot says of forgotten keys.</summary>
    public void RestoreForgottenThrough(WallTime time) => ForgottenThrough = time;
}
