namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>The classes that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
