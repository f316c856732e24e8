using System.Collections;
using System.Management.Automation;

namespace SecretBridge.Values;

/// <summary>Takes a hashtable. PowerShell's own message for anything else would repeat it, and it may be a secret's text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HashtableOfSecretsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return given is null or IDictionary
            ? given!
            : throw new ArgumentTransformationMetadataException(
                $"It takes a hashtable, such as @{{ key = $secureString }}, and got a {given.GetType().Name}, which is not shown. JSON text goes to -Json or -JsonPath, another secret to the pipeline.");
    }
}
