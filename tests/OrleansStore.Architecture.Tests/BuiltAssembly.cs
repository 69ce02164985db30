using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OrleansStore.Architecture.Tests;

/// <summary>What the code of an assembly uses, read from its metadata without loading it.</summary>
/// <param name="Name">The name of its project; the assembly's own where that is not known.</param>
/// <param name="References">Names of the assemblies its code uses; the compiler leaves out references that no code uses.</param>
/// <param name="Types">Full names of the types of other assemblies it uses, by assembly; nested ones by their outer type.</param>
internal sealed record BuiltAssembly(string Name, IReadOnlyList<string> References, ILookup<string, string> Types)
{
    /// <summary>The assemblies of the projects that were built, in the configuration that these tests were built in.</summary>
    public static IEnumerable<BuiltAssembly> Find(IEnumerable<ProjectNode> projects)
    {
        // .../bin/<configuration>/<framework>/
        var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var framework = Path.GetFileName(output);
        var configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
        foreach (var project in projects)
        {
            var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(project.Path)!);
            var file = Path.Combine(folder, "bin", configuration, framework, project.AssemblyName + ".dll");
            if (File.Exists(file))
            {
                yield return Read(file) with { Name = project.Name };
            }
        }
    }

    public static BuiltAssembly Read(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var metadata = reader.GetMetadataReader();
        var types = metadata.TypeReferences
            .Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference)
            .ToLookup(
                type => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
                type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}");
        return new BuiltAssembly(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            types);
    }
}
