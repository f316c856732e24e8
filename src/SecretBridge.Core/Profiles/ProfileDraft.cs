using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Applies a change to the payload of a profile. What the change does not touch keeps its spelling and order, keys that a profile does
/// not know too.
/// </summary>
internal sealed class ProfileDraft(string uri, string name, SecretPayload? before)
{
    private readonly Dictionary<string, SealedValue> _keys = new(before?.ToDictionary() ?? Empty, StringComparer.Ordinal);

    private static Dictionary<string, SealedValue> Empty => new(StringComparer.Ordinal);

    /// <exception cref="BridgeException">The change contradicts itself, or names a stored secret that there is not.</exception>
    internal SecretPayload Apply(ProfileEdit edit)
    {
        if (edit.Env.Keys.FirstOrDefault(edit.Secrets.ContainsKey) is { } twice)
        {
            throw Refuse($"'{twice}' is given as a setting and as a secret");
        }

        Dictionary<string, SealedValue> env = Members("env"), secrets = Members("secrets");
        Dictionary<string, SealedValue> stored = new(secrets, StringComparer.Ordinal);
        if (edit.Replace)
        {
            _keys.Clear();
            env.Clear();
            secrets.Clear();
        }

        Put("name", edit.Name);
        _keys.TryAdd("name", SealedValue.FromText(name));
        Put("description", edit.Description);
        Put("owner", edit.Owner);
        Put("tags", edit.Tags);
        foreach (string gone in edit.RemoveKeys)
        {
            env.Remove(gone);
            secrets.Remove(gone);
        }

        // What becomes a secret must not stay readable as a setting.
        Lay(env, secrets, edit.Env);
        Lay(secrets, env, edit.Secrets.Select(secret => KeyValuePair.Create(secret.Key, Given(secret.Key, secret.Value, stored))));
        bool isTouched = edit.Env.Count + edit.Secrets.Count + edit.RemoveKeys.Count > 0;
        Put("env", env, isTouched);
        Put("secrets", secrets, isTouched);
        Put("allowed_workflows", edit.AllowedWorkflows);
        var after = SecretPayload.FromValues(_keys);
        new ProfileShape(uri, after, $"The profile '{uri}' cannot be written").Read(name);
        return after;
    }

    private static void Lay(Dictionary<string, SealedValue> into, Dictionary<string, SealedValue> other, IEnumerable<KeyValuePair<string, SealedValue>> given)
    {
        foreach ((string key, SealedValue value) in given)
        {
            other.Remove(key);
            into[key] = value;
        }
    }

    private SealedValue Given(string key, SealedValue value, Dictionary<string, SealedValue> stored) =>
        value.Reveal() is not (null or SealedValue.Mask) ? value
        : stored.TryGetValue(key, out SealedValue? kept) ? kept
        : throw Refuse($"the secret '{key}' has no value and none is stored yet");

    private Dictionary<string, SealedValue> Members(string key) =>
        _keys.TryGetValue(key, out SealedValue? value) && value.Json is [(byte)'{', ..]
            ? new(SecretPayload.Parse(value.Json, uri).ToDictionary(), StringComparer.Ordinal)
            : Empty;

    private void Put(string key, string? text)
    {
        if (text is "")
        {
            _keys.Remove(key);
        }
        else if (text is not null)
        {
            _keys[key] = SealedValue.FromText(text);
        }
    }

    private void Put(string key, IReadOnlyList<string>? list)
    {
        if (list is not null)
        {
            _keys[key] = SealedValue.FromObject(list);
        }
    }

    private void Put(string key, Dictionary<string, SealedValue> members, bool isTouched)
    {
        if (isTouched || before is null || !_keys.ContainsKey(key))
        {
            _keys[key] = new(SecretPayload.FromValues(members).Json);
        }
    }

    private BridgeException Refuse(string flaw) => new(FaultKind.InvalidProfile, uri, $"The profile '{uri}' cannot be written: {flaw}.");
}
