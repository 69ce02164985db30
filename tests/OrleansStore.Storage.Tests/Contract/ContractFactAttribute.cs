using OrleansStore.Storage.Testing.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansStore.Storage.Tests.Contract;

/// <summary>A fact of a contract: skipped, with the reason, in classes that need what this machine lacks.</summary>
[XunitTestCaseDiscoverer("OrleansStore.Storage.Tests.Contract.ContractFactDiscoverer", "OrleansStore.Storage.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>A theory of a contract: skipped, with the reason, in classes that need what this machine lacks.</summary>
[XunitTestCaseDiscoverer("OrleansStore.Storage.Tests.Contract.ContractTheoryDiscoverer", "OrleansStore.Storage.Tests")]
public sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>Marks a class of tests that need PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute
{
    internal static string? ReasonToSkip(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresBinaries.Absence : null;
}

internal sealed class ContractFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        NeedsPostgresAttribute.ReasonToSkip(method) is { } reason
            ? new XunitSkippedDataRowTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)
            : base.CreateTestCase(options, method, fact);
}

internal sealed class ContractTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory, object[] dataRow) =>
        NeedsPostgresAttribute.ReasonToSkip(method) is { } reason
            ? [new XunitSkippedDataRowTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason, dataRow)]
            : base.CreateTestCasesForDataRow(options, method, theory, dataRow);
}
