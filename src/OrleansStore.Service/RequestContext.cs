using System.Security.Claims;

namespace OrleansStore.Service;

/// <summary>What comes with every request besides its content.</summary>
/// <param name="Timeout">How long the caller waits, counted from the call; above zero. A request whose time is up is dropped before it is proposed.</param>
/// <param name="Principal">Who asks.</param>
public readonly record struct RequestContext(TimeSpan Timeout, ClaimsPrincipal Principal);
