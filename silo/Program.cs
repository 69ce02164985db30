using OrleansStore.Silo.Hosting;
using OrleansStore.Silo.Settings;

var reading = SettingsReader.Read(args, Environment.GetEnvironmentVariables(), Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
if (reading.Information is { } information)
{
    Console.Out.WriteLine(information);
    return (int)ExitCode.Stopped;
}

if (reading.Settings is not { } settings)
{
    Console.Error.WriteLine(reading.Complaint);
    return (int)ExitCode.BadSettings;
}

return (int)await SiloProcess.RunAsync(settings, Console.Out, Console.Error);
