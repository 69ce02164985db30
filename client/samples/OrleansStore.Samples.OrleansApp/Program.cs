// An Orleans application that adds the store to its own silo. Its grains reach the store without a network hop.
// Arguments: a folder for the store's files, a silo port and a gateway port. Default: ./data, 11111 and 30000.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansStore.Client;
using OrleansStore.Client.Orleans;
using OrleansStore.Grains.Hosting;
using OrleansStore.Samples.OrleansApp;

var folder = args.Length > 0 ? args[0] : "data";
var (siloPort, gatewayPort) = args.Length > 2 ? (int.Parse(args[1]), int.Parse(args[2])) : (11111, 30000);

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(siloPort, gatewayPort, clusterId: "dc1", serviceId: "shop")

    // One datacenter, for a start. Others are named in Remotes, with the gateways of their silos.
    .AddOrleansStore(store => (store.Datacenter, store.DataDirectory) = ("dc1", folder)));
builder.Services.AddOrleansStoreClient();
using var host = builder.Build();
await host.StartAsync();

var cart = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICartGrain>("ada");
await cart.AddAsync("tea");
Console.WriteLine($"items: {await cart.AddAsync("cup")}");

// Whoever has the container has the store, too.
Console.WriteLine($"cart: {await host.Services.GetRequiredService<IStore>().GetTextAsync("cart/ada")}");
await host.StopAsync();
