using System.Security.Claims;

namespace OrleansStore.Service.Routing.Access;

/// <summary>Lets everybody do everything: who reaches the store may use it.</summary>
public sealed class AllowAllAuthorizer : IAuthorizer
{
    /// <inheritdoc/>
    public bool IsAllowed(ClaimsPrincipal principal, in AccessRequest access) => true;
}
