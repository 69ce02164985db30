using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansStore.Placement;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Brings a data folder to its store, and keeps book of who the members are: makes the decider's steps durable, then tells the peers.</summary>
/// <remarks>
/// <para>Order of what becomes durable: the incarnation, before any hello carries it; each step, before any hello tells of it; the record of a store that is
/// held, before
/// <c>store.json</c> and the log are set up; that they were set up, before anything is served.</para>
/// <para>Calls of <see cref="IHelloExchange"/> come on the links' scheduler, and the files are written from there. Properties are safe from any thread.</para>
/// </remarks>
public sealed partial class StoreFormation : IHelloExchange, IMemberDirectory
{
    private readonly IFormationHome _home;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly Dictionary<DatacenterId, string> _peers;
    private readonly Dictionary<DatacenterId, PeerIdentity> _heard = [];
    private readonly TaskCompletionSource<PeerIdentity> _formed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FormationRecord _record;
    private volatile PeerIdentity _own;
    private volatile MemberBook _book;
    private volatile string _waitsFor = "the links have not started";
    private TaskCompletionSource? _joinCompleted;
    private bool _isStepping;
    private bool _mustStepAgain;

    private StoreFormation(IFormationHome home, FormationRecord record, IRandomSource random, ILogger logger)
    {
        _home = home;
        _record = record;
        _random = random;
        _logger = logger;
        _own = record.ToIdentity();
        _book = MemberBook.Of(record);
        _peers = record.Topology.Datacenters.Where(datacenter => datacenter.Id != record.Datacenter)
            .ToDictionary(datacenter => datacenter.Id, datacenter => datacenter.Name);
        if (_own.HoldsStore)
        {
            _waitsFor = string.Empty;
            _formed.SetResult(_own);
        }
    }

    /// <inheritdoc/>
    public event EventHandler? OwnChanged;

    /// <inheritdoc/>
    public event EventHandler? MembersChanged;

    /// <inheritdoc/>
    public PeerIdentity Own => _own;

    /// <summary>The topology of the store; before it is formed, the one that the settings propose.</summary>
    public Topology Topology => _record.Topology;

    /// <summary>Completes when the folder holds a store and is set up for it. Fails if its files cannot be written: then the process must not go on.</summary>
    public Task<PeerIdentity> Formed => _formed.Task;

    /// <summary>What the formation waits for, in words; empty once there is a store.</summary>
    public string WaitsFor => _waitsFor;

    /// <inheritdoc/>
    public ImmutableArray<MemberIncarnation> Members => _book.Members;

    /// <inheritdoc/>
    public ImmutableArray<Founder> Founders => _own.HoldsStore ? _own.Founders : [];

    /// <summary>Reads what the folder is; makes an empty one an incarnation; ends a set-up that a crash interrupted.</summary>
    /// <param name="files">The file port that <paramref name="folder"/> was opened with.</param>
    /// <param name="folder">The locked data folder; owned by the caller.</param>
    /// <param name="configured">The topology that the settings say. Its facts take effect at first creation only.</param>
    /// <param name="datacenter">This datacenter's number in <paramref name="configured"/>.</param>
    /// <param name="random">Draws incarnations and store ids: in production a cryptographic source, since these must never repeat.</param>
    /// <param name="logger">Where the steps are logged.</param>
    /// <exception cref="ArgumentException">The topology has no such datacenter.</exception>
    /// <exception cref="StoreException"><see cref="ErrorCode.IdentityMismatch"/>: the folder belongs to another datacenter, or the store was created with
    /// other facts than the settings say, each
    /// named with both values; or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    /// <exception cref="CorruptionException">A file is damaged, or one of those that belong together is gone.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    public static async ValueTask<StoreFormation> OpenAsync(
        IFileSystem files, DataFolder folder, Topology configured, DatacenterId datacenter, IRandomSource random, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(folder);
        return await OpenAsync(new FolderFormationHome(files, folder), configured, datacenter, random, logger);
    }

    /// <summary>The same for any home: a locked folder, or a claimed database.</summary>
    internal static async ValueTask<StoreFormation> OpenAsync(
        IFormationHome home, Topology configured, DatacenterId datacenter, IRandomSource random, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(logger);
        if (configured.Find(datacenter) is null)
        {
            throw new ArgumentException($"The topology has no datacenter {datacenter}.", nameof(datacenter));
        }

        var stored = await home.ReadAsync();
        HomeChecks.RequireConsistent(home, stored, configured, datacenter);
        var isFixed = stored is not null && stored.Phase != FormationPhase.Empty;
        var record = isFixed ? stored! : new FormationRecord
        {
            Datacenter = datacenter,
            Incarnation = stored?.Incarnation ?? DrawIncarnation(random),
            Phase = FormationPhase.Empty,
            Topology = configured,
        };
        if (!isFixed)
        {
            await home.WriteAsync(record);
        }

        var formation = new StoreFormation(home, record, random, logger);
        await formation.SetUpAsync();
        return formation;
    }

    /// <inheritdoc/>
    public string? Judge(PeerIdentity peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (_book.FindRetired(peer) is { } current)
        {
            return $"incarnation differs: {peer.Name} comes with {peer.Incarnation}, which {current} has replaced";
        }

        // A second process with another folder, started by mistake, must not retire a member that is alive. One that is not alive is soon found to be silent.
        return _heard.TryGetValue(peer.Datacenter, out var present) && present.HoldsStore && present.Incarnation != peer.Incarnation
            ? $"incarnation differs: {peer.Name} comes with {peer.Incarnation}, while {present.Incarnation} is connected"
            : IdentityComparison.FirstDifference(_own, peer);
    }

    /// <inheritdoc/>
    public void OnStarted() => Step();

    /// <inheritdoc/>
    public void OnHello(PeerIdentity peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _heard[peer.Datacenter] = peer;
        Step();
    }

    /// <inheritdoc/>
    public void OnLost(DatacenterId peer)
    {
        _heard.Remove(peer);
        Step();
    }

    private static ulong DrawIncarnation(IRandomSource random)
    {
        ulong incarnation;
        do
        {
            incarnation = random.NextUInt64() & ReplicaId.MaxIncarnation;
        }
        while (incarnation == 0);

        return incarnation;
    }

    private StoreId DrawStoreId()
    {
        StoreId id;
        do
        {
            id = new StoreId(new UInt128(_random.NextUInt64(), _random.NextUInt64()));
        }
        while (id == StoreId.None);

        return id;
    }
}
