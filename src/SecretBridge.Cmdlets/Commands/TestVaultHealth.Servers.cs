using System.Management.Automation;
using SecretBridge.Health;
using SecretBridge.Policies;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <content>Which servers are asked: those that are given or piped, or those that a piped policy is for.</content>
public sealed partial class TestVaultHealth
{
    /// <inheritdoc/>
    private protected override IEnumerable<HealthOptions> Take() => InputObject is null ? Given(_common) : Piped(InputObject);

    private IEnumerable<HealthOptions> Given(HealthOptions common) =>
        ParameterSetName == AddressSet ? (Address.Length > 0 ? Address.Select(Of) : throw Wrong(nameof(Address), "No address is given, which -CACertificatePath and -SkipCertificateCheck are for: give -Address, or pipe addresses."))
        : Backend.Length == 0 ? [common with { Backend = Backends.Get(null) }]
        : Each(Backend, argument => common with { Backend = Backends.Get(argument) });

    private IEnumerable<HealthOptions> Piped(PSObject given) => given.BaseObject switch
    {
        object[] many => many.SelectMany(each => Piped(PSObject.AsPSObject(each))),
        VaultPolicy or FileInfo => Required(given),
        string text when text.Contains('{', StringComparison.Ordinal) => Required(given),
        string or VaultBackend when Address.Length + Backend.Length > 0 => throw Wrong(nameof(InputObject), "Servers were both piped and given: leave out -Address and -Backend."),
        VaultBackend connection => [_common with { Backend = Backends.Get(new(connection)) }],
        ScaiVaultBackend connection => [_common with { Backend = Backends.Get(new(connection)) }],
        Uri address => [Of(address.OriginalString)],
        string name when Path is not null || Policy is not null => [_common with { Backend = Backends.Get(new(name)) }],
        string address => [Of(address)],
        _ when given.Properties[nameof(VaultPolicy.Hcl)] is not null => Required(given),
        var other => throw Wrong(nameof(InputObject), $"A {other.GetType().Name} was piped: pipe addresses, connections of Get-VaultBackend, or policies of New-VaultPolicy."),
    };

    // As -Policy, beside what that names.
    private IEnumerable<HealthOptions> Required(PSObject policy) => ParameterSetName == AddressSet
        ? throw Wrong(nameof(InputObject), "A policy was piped, which a connection is held against: an address has no token. Give -Backend, or connect.")
        : Given(_common with { Required = [.. _common.Required ?? [], .. GivenPolicy.Read(policy, GetUnresolvedProviderPathFromPSPath)] });

    private HealthOptions Of(string address) => _common with { Address = address, Tls = Tls() };

    private static BridgeException Wrong(string parameter, string message) => new(FaultKind.InvalidArgument, parameter, message);
}
