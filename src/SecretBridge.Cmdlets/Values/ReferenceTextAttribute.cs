using System.Collections;
using System.Management.Automation;

namespace SecretBridge.Values;

/// <summary>
/// Takes references, addresses and paths as text, and rows of this module that have such a property. PowerShell makes a text of anything
/// else: of an object with all of its properties in it, so that a secret's value would stand in rows, prompts and errors, and of
/// a policy its name, which would be taken for that of a secret.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceTextAttribute : ArgumentTransformationAttribute
{
    /// <summary>The property of a row that is bound where a row is piped.</summary>
    public string Property { get; init; } = "Uri";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        foreach (object one in Each(inputData))
        {
            if (OwnRow(one) is { } row)
            {
                if (PSObject.AsPSObject(one).Properties[Property]?.Value is not string { Length: > 0 })
                {
                    throw new ArgumentTransformationMetadataException(
                        $"A {row} was given, which has no {Property}: it takes text, such as the reference vault://mount/path, and rows that have a {Property}.");
                }
            }
            else if (Bare(one) is not (string or Uri or FileSystemInfo) and var other)
            {
                string message = $"A {(other is IDictionary ? "Hashtable" : other.GetType().Name)} is no text, and is not shown. Give references as text, or pipe rows that have a Uri.";

                // What fails as a cast does lets PowerShell go on and bind the property Uri of what was piped.
                throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
            }
        }

        return inputData;
    }

    private static object Bare(object given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    private static IEnumerable<object> Each(object? given) => given is null ? []
        : Bare(given) is IList items ? items.Cast<object?>().SelectMany(Each)
        : [given];

    // The name of this module's type whose object it is, also of one that was kept and read back.
    private static string? OwnRow(object given) =>
        Bare(given).GetType() is { } type && type.Namespace?.StartsWith(nameof(SecretBridge), StringComparison.Ordinal) == true ? type.Name
        : given is PSObject wrapped && wrapped.TypeNames.FirstOrDefault() is { } name && name.StartsWith("Deserialized.SecretBridge.", StringComparison.Ordinal) ? name[(name.LastIndexOf('.') + 1)..]
        : null;
}
