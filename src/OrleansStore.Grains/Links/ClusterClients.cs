using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>Makes the clients of the other datacenters' clusters.</summary>
internal sealed class ClusterClients(OrleansStoreOptions options, ILoggerFactory loggers)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(1);

    // Of the runtime's own calls; gateway grains have theirs. A client asks for the manifest of its cluster before it is there, and a silo that is just starting may lose the question:
    // with the runtime's 30 s the datacenter is out of reach for so long.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    private readonly ILogger _logger = loggers.CreateLogger<ClusterClients>();

    // One set of credentials for all clients; it lives as long as the process.
    private readonly PeerCredentials? _credentials = options.Security.Load(options.Datacenter);

    /// <summary>Makes the client of one datacenter's cluster; it is not connected.</summary>
    public RemoteGateway Connect(string datacenter, LinkClass linkClass)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = $"{options.Datacenter} to {datacenter}, {linkClass}" });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering((StaticGatewayListProviderOptions list) => list.Gateways = [.. options.Remotes[datacenter].Select(ToGateway)]);
            client.Services.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (datacenter, options.ServiceId));
            client.Services.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            client.Services.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = RefreshPeriod);
            client.Services.Configure<ConnectionOptions>(connection => (connection.OpenConnectionTimeout, connection.ConnectionRetryDelay) = (ConnectTimeout, RetryDelay));
            client.UseConnectionRetryFilter(static async (_, cancellationToken) =>
            {
                // A datacenter that is not there yet is no reason to give up: it may come in a year.
                await Task.Delay(RetryDelay, cancellationToken);
                return true;
            });
            if (_credentials is { } credentials)
            {
                client.UseTls(credentials, datacenter);
            }
        });
        return new RemoteGateway(datacenter, builder.Build(), _logger);
    }

    private static Uri ToGateway(PeerEndpoint endpoint)
    {
        // A name is resolved once, when the client is made: the list of gateways knows addresses only.
        var address = endpoint.ToEndPoint() as IPEndPoint ?? new IPEndPoint(Dns.GetHostAddresses(endpoint.Host)[0], endpoint.Port);
        return new UriBuilder("gwy.tcp", address.Address.ToString(), address.Port, "0").Uri;
    }
}
