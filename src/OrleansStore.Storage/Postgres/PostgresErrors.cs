using System.Net.Sockets;
using Npgsql;

namespace OrleansStore.Storage.Postgres;

/// <summary>What an error of the server or of the way to it means for storage.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an exception comes from the database; whatever else is thrown is a bug of ours.</summary>
    public static bool IsKnown(Exception exception) => exception is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>Translates an error.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="database">Which database it was, without secrets.</param>
    /// <returns>Transient where the same call may succeed later without anybody's help, or with that of somebody who looks after the server but not after the store.</returns>
    public static StoreException Translate(Exception exception, string database)
    {
        if (exception is not PostgresException { SqlState: { Length: 5 } state } error)
        {
            return new StoreException(ErrorCode.Unavailable, $"{database} cannot be reached: {Innermost(exception)}", isTransient: true, exception);
        }

        return state switch
        {
            PostgresErrorCodes.DiskFull => new StoreException(ErrorCode.DiskFull, $"{database} has no room left on its disk: {error.MessageText}", isTransient: true, exception),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn => new StoreException(
                ErrorCode.UnsupportedFormat, $"{database} has not the schema of this release ({error.MessageText}). Apply it: ostore schema apply --postgres \"…\"", false, exception),
            PostgresErrorCodes.InsufficientPrivilege => new StoreException(
                ErrorCode.StorageFailed, $"{database} refuses what a store must do ({error.MessageText}). Its login must be a member of orleansstore_runtime.", false, exception),
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                new StoreException(ErrorCode.StorageFailed, $"{database} lets nobody in: {error.MessageText}", false, exception),
            _ when MayHeal(state) => new StoreException(ErrorCode.Unavailable, $"{database} does not serve at present: {error.MessageText} ({state})", isTransient: true, exception),
            _ => new StoreException(ErrorCode.StorageFailed, $"{database} refused a statement: {error.MessageText} ({state})", false, exception),
        };
    }

    // By class: connection (08), rolled back (40), resources (53), object not in the state it should be in, such as locks (55), operator (57), system, such as IO (58); a standby (25006).
    private static bool MayHeal(string state) => state[..2] is "08" or "40" or "53" or "55" or "57" or "58" || state == PostgresErrorCodes.ReadOnlySqlTransaction;

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
