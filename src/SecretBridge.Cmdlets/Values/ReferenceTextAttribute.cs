using System.Management.Automation;

namespace SecretBridge.Values;

/// <summary>
/// Takes text for a reference, and rows that have a Uri. PowerShell would take any other object of this module by its text: the
/// name of a policy for that of a secret.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceTextAttribute : ArgumentTransformationAttribute
{
    private const string Home = "SecretBridge.";
    private const string ReadBack = "Deserialized.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        foreach (object? one in given as object[] ?? [inputData])
        {
            if (one is not null and not string && TypeOf(PSObject.AsPSObject(one)) is { } type)
            {
                throw new ArgumentTransformationMetadataException(
                    $"A {type} was given, which names no secret: it takes references such as vault://mount/path, and rows that have a Uri.");
            }
        }

        return inputData;
    }

    // The name of a type of this module whose object has no Uri.
    private static string? TypeOf(PSObject given) =>
        given.TypeNames.FirstOrDefault(name => name.StartsWith(Home, StringComparison.Ordinal) || name.StartsWith(ReadBack + Home, StringComparison.Ordinal)) is { } name
        && given.Properties["Uri"]?.Value is not string { Length: > 0 }
            ? name[(name.LastIndexOf('.') + 1)..]
            : null;
}
