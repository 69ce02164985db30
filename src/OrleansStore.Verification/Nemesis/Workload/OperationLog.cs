namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>The operations of one client in the order in which they ended. Written by that client alone; read once it has ended.</summary>
/// <remarks>Pieces of a fixed size: a log of millions is never copied in order to grow.</remarks>
internal sealed class OperationLog
{
    private const int PieceBits = 12;
    private const int PieceLength = 1 << PieceBits;

    private readonly List<OperationRecord[]> _pieces = [];

    public int Count { get; private set; }

    /// <summary>A record, in place: not to be changed.</summary>
    public ref readonly OperationRecord this[int index] => ref _pieces[index >> PieceBits][index & (PieceLength - 1)];

    public void Add(in OperationRecord record)
    {
        if (Count == _pieces.Count << PieceBits)
        {
            _pieces.Add(new OperationRecord[PieceLength]);
        }

        _pieces[Count >> PieceBits][Count & (PieceLength - 1)] = record;
        Count++;
    }
}
