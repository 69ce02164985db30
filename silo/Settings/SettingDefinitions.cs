namespace OrleansStore.Silo.Settings;

/// <summary>All settings there are, in the order of the help.</summary>
internal static class SettingDefinitions
{
    public static readonly SettingDefinition Data = new("Data", "DIR", "The folder that holds a folder per datacenter; relative to the current folder. Default: data.");
    public static readonly SettingDefinition HttpPort = new("HttpPort", "PORT", "Three datacenters: the first of three HTTP ports on 127.0.0.1, or 0 for any free ones. Default: 5101.");
    public static readonly SettingDefinition PeerPort = new("PeerPort", "PORT", "Three datacenters: the first of three peer ports on 127.0.0.1. Default: 5201.");
    public static readonly SettingDefinition Datacenter = new("Datacenter", "NAME", "Run this one datacenter only. Needs --http and --peers.");
    public static readonly SettingDefinition Http = new("Http", "ADDRESS:PORT", "One datacenter: where it serves HTTP; port 0 for any free one.");
    public static readonly SettingDefinition Peer = new("Peer", "HOST:PORT", "One datacenter: where it listens for its peers. Default: its own entry in --peers.");
    public static readonly SettingDefinition Peers = new("Peers", "NAME=HOST:PORT,…", "One datacenter: all datacenters, this one included, and where their peers reach them.");
    public static readonly SettingDefinition Buckets = new("Buckets", "N", "A new store: how many buckets it gets, a power of two up to 65536. Default: 64. Fixed from then on.");
    public static readonly SettingDefinition Primary = new("Primary", "NAME", "A new store: the primary datacenter of all buckets. Default: spread over all. Fixed from then on.");
    public static readonly SettingDefinition PeerCertificate = new("PeerCertificate", "FILE", "This datacenter's certificate (PEM); it names the datacenter as a DNS subject alternative name.");
    public static readonly SettingDefinition PeerKey = new("PeerKey", "FILE", "Its private key (PEM).");
    public static readonly SettingDefinition PeerAuthority = new("PeerAuthority", "FILE", "The authorities (PEM) that sign the peers' certificates.");
    public static readonly SettingDefinition InsecurePeers = new("InsecurePeers", string.Empty, "Peers beyond loopback may speak without TLS: whoever reaches the peer port can do everything.");
    public static readonly SettingDefinition Engine = new("Engine", "NAME", "What runs the buckets: embedded, or orleans where the program was built with it. Default: embedded.");
    public static readonly SettingDefinition SiloPort = new("SiloPort", "PORT", "Orleans: where other silos connect; of three datacenters the first of three. Default: 5301.");
    public static readonly SettingDefinition GatewayPort = new("GatewayPort", "PORT", "Orleans: where clients and other datacenters connect; of three datacenters the first of three. Default: 5201.");
    public static readonly SettingDefinition Advertise = new("Advertise", "ADDRESS", "Orleans, one datacenter: the IP address that its silo listens at and is known by. Default: 127.0.0.1.");
    public static readonly SettingDefinition Remotes = new("Remotes", "NAME=HOST:PORT,…", "Orleans, one datacenter: the gateways of the other datacenters. A name may come again.");
    public static readonly SettingDefinition Clustering = new("Clustering", "NAME", "Orleans, one datacenter: localhost for one silo, or postgres for several, which find each other by Orleans' tables in the database. Default: localhost.");
    public static readonly SettingDefinition Storage = new("Storage", "NAME", "Where they are kept: files or postgres. Default: files.");
    public static readonly SettingDefinition Postgres = new("Postgres", "CONNECTION", "With --storage postgres: the connection string; {datacenter} in it stands for the datacenter's name.");
    public static readonly SettingDefinition LogLevel = new("LogLevel", "LEVEL", "The least level logged: trace, debug, information, warning, error, critical or none. Default: information.");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<SettingDefinition> All =
    [
        Data, HttpPort, PeerPort, Datacenter, Http, Peer, Peers, Buckets, Primary, PeerCertificate, PeerKey, PeerAuthority, InsecurePeers, Engine, SiloPort, GatewayPort,
        Advertise, Remotes, Clustering, Storage, Postgres, LogLevel,
    ];
}
