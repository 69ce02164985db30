using Npgsql;

namespace OrleansStore.Storage.Postgres;

/// <summary>One connection kept for one kind of call, with prepared statements. Whatever fails on it closes it, and the next call opens another.</summary>
/// <remarks>Not pooled: a connection on which an outcome is unknown must end, not wait for its next user. One caller at a time.</remarks>
internal sealed class PostgresLane(NpgsqlDataSource unpooled, string database) : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlCommand> _prepared = [];
    private NpgsqlConnection? _connection;

    /// <summary>Runs a prepared statement.</summary>
    /// <param name="text">The statement; the same text is prepared once per connection.</param>
    /// <param name="parameters">Its values; always of the same types for the same text.</param>
    /// <param name="read">Reads the rows.</param>
    /// <param name="cancellationToken">Gives up: the connection is closed, and the outcome is unknown.</param>
    /// <exception cref="StoreException">The call failed; transient where its outcome is unknown.</exception>
    public async ValueTask<T> ExecuteAsync<T>(string text, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await unpooled.OpenConnectionAsync(cancellationToken);
            if (_prepared.TryGetValue(text, out var command))
            {
                for (var i = 0; i < parameters.Count; i++)
                {
                    command.Parameters[i].Value = parameters[i].Value;
                }
            }
            else
            {
                command = new NpgsqlCommand(text, _connection);
                foreach (var parameter in parameters)
                {
                    command.Parameters.Add(parameter);
                }

                await command.PrepareAsync(cancellationToken);
                _prepared.Add(text, command);
            }

            T result;
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                result = await read(reader);
            }

            // Only now is it committed: the end of the reader is the server's word that it is ready for the next statement.
            return result;
        }
        catch (Exception exception)
        {
            await DropAsync();
            throw PostgresErrors.IsKnown(exception) ? PostgresErrors.Translate(exception, database) : exception;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DropAsync();

    private async ValueTask DropAsync()
    {
        _prepared.Clear();
        var connection = _connection;
        _connection = null;
        if (connection is null)
        {
            return;
        }

        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception exception) when (PostgresErrors.IsKnown(exception))
        {
            // It was broken; that is why it is dropped.
        }
    }
}
