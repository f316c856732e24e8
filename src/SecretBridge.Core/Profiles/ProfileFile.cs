using System.IO.Enumeration;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Makes changes of what files say.</summary>
public static class ProfileFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The change that a JSON file in the shape of a profile describes. What it leaves out stays as it is.</summary>
    /// <exception cref="BridgeException">It is not of that shape. The message tells the key or the place, never a value.</exception>
    public static ProfileEdit FromJson(ReadOnlySpan<byte> utf8Json, string target)
    {
        var payload = SecretPayload.Parse(utf8Json, target);
        var shape = new ProfileShape(target, payload);
        SealedProfile profile = shape.Read("");
        if (profile.Reason is not null)
        {
            throw new BridgeException(FaultKind.InvalidProfile, target, $"The file '{target}' is not a profile: {profile.Reason} Its keys are {string.Join(", ", ProfileShape.Known)}.");
        }

        return new()
        {
            Name = profile.Name is "" ? null : profile.Name,
            Description = profile.Description,
            Owner = profile.Owner,
            Tags = payload.Keys.Contains("tags") ? profile.Tags : null,
            AllowedWorkflows = payload.Keys.Contains("allowed_workflows") ? profile.AllowedWorkflows : null,
            Env = shape.Sealed("env"),
            Secrets = profile.Secrets,
        };
    }

    /// <summary>The change that a dotenv file describes: everything is a secret, except what the patterns name.</summary>
    /// <param name="utf8Text">The file's content.</param>
    /// <param name="target">The file's name, for errors.</param>
    /// <param name="asEnv">Patterns with <c>*</c> and <c>?</c>, any case, of the names that are settings.</param>
    /// <exception cref="BridgeException">It is no dotenv file. The message tells the line, never a value.</exception>
    public static ProfileEdit FromDotEnv(ReadOnlySpan<byte> utf8Text, string target, IReadOnlyList<string> asEnv)
    {
        ArgumentNullException.ThrowIfNull(asEnv);
        ILookup<bool, KeyValuePair<string, SealedValue>> values = DotEnvFile.Parse(Text(utf8Text, target), target)
            .ToLookup(value => asEnv.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, value.Key, ignoreCase: true)));
        return new()
        {
            Env = new Dictionary<string, SealedValue>(values[true], StringComparer.Ordinal),
            Secrets = new Dictionary<string, SealedValue>(values[false], StringComparer.Ordinal),
        };
    }

    private static string Text(ReadOnlySpan<byte> utf8, string target)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new BridgeException(FaultKind.InvalidProfile, target, $"The file '{target}' is not UTF-8.");
        }
    }
}
