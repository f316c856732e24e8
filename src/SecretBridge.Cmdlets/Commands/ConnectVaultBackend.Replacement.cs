using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

public sealed partial class ConnectVaultBackend
{
    /// <summary>
    /// Rows found through a connection name it: where its name comes to mean another server, they would silently lead there.
    /// </summary>
    private void CheckReplacement(ConnectOptions options)
    {
        string address = VaultAddress.Parse(options.Address).Text;
        string space = WireOptions.Normalise(options.Namespace) ?? "";
        if (Backends.Registry.Backends.FirstOrDefault(backend => string.Equals(backend.Name, Name, StringComparison.OrdinalIgnoreCase)) is not { } before
            || (before.Address == address && before.Namespace == space))
        {
            return;
        }

        string old = Place(before.Address, before.Namespace), now = Place(address, space);
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(Name)))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Name),
                $"'{Name}' is connected to {old}, and this is {now}. Give it a name of its own with -Name, say -Name {Name} to replace the other, or disconnect that first.");
        }

        WriteWarning($"'{Name}' was connected to {old} and now means {now}; rows and references that name '{Name}' lead there.");
    }

    private static string Place(string address, string space) => space.Length == 0 ? address : $"{address} (namespace {space})";

    private async Task EndAsync(VaultBackend before)
    {
        try
        {
            await before.DisconnectAsync(Cancellation);
        }
        catch (BridgeException exception)
        {
            await WriteFaultAsync(exception);
        }
    }
}
