using System.Security.Claims;

namespace OrleansStore.Service.Routing.Access;

/// <summary>Decides who may do what: the one place of the store that does.</summary>
/// <remarks>It is asked before every request, once per key of a transaction, and answers from memory. Safe for concurrent use.</remarks>
public interface IAuthorizer
{
    /// <summary>Whether a principal may do something. False refuses the whole request with <see cref="ErrorCode.Forbidden"/> before anything is sent.</summary>
    bool IsAllowed(ClaimsPrincipal principal, in AccessRequest access);
}
