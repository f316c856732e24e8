using System.Collections;
using System.Management.Automation;

namespace SecretBridge.Values;

/// <summary>
/// Takes references, addresses and paths as text, and rows of this module. PowerShell makes a text of anything else, with all of its
/// properties in it, and so a secret's value would stand in rows, prompts and errors.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReferenceTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is not null && Refused(inputData) is { } refused)
        {
            string message = $"A {refused} is no text, and is not shown. Give references as text, or pipe rows that have a Uri.";

            // What fails as a cast does lets PowerShell go on and bind the property Uri of what was piped.
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
        }

        return inputData!;
    }

    private static string? Refused(object given)
    {
        var wrapped = given as PSObject;
        return (wrapped?.BaseObject ?? given) switch
        {
            string or Uri or FileSystemInfo => null,
            IDictionary => "Hashtable",
            IList items => items.Cast<object?>().Select(item => item is null ? null : Refused(item)).FirstOrDefault(name => name is not null),
            { } item when item.GetType().Namespace?.StartsWith(nameof(SecretBridge), StringComparison.Ordinal) == true => null,
            _ when wrapped?.TypeNames.FirstOrDefault()?.StartsWith("Deserialized.SecretBridge.", StringComparison.Ordinal) == true => null,
            { } item => item.GetType().Name,
        };
    }
}
