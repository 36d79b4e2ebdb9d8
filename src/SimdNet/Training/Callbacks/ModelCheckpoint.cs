using System;
using System.Globalization;
using System.Numerics;

using SimdNet.Training.Callbacks;

namespace SimdNet;

/// <summary>Saves the network after epochs: the best one, or every n-th. In the manner of Keras' <c>ModelCheckpoint</c>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// A file is written whole or not at all (<see cref="ModelFile"/>), and none is ever removed. A value that is NaN or infinite is never the best, and a network with such parameters is never saved: what was saved before stays.
/// For one training at a time. The best value is kept from one training to the next, so that a second one does not replace the best of the first by a worse one.
/// As with <see cref="EarlyStopping{T}"/>, the saved weights are those that the value was measured on.
/// </remarks>
public sealed class ModelCheckpoint<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Place = "{epoch";

    private readonly string _path;
    private MonitoredValue _monitor;
    private MeasuredWeights<T>? _measured;

    /// <summary>Saves to a file after each epoch that is the best so far, or as <see cref="EveryEpochs"/> says.</summary>
    /// <param name="path">A name that ends in .safetensors; in it {epoch} stands for the epoch's number, and {epoch:000} for the number with that format. Without either, each file replaces the one before.</param>
    /// <exception cref="ArgumentException">The path is empty, or what stands behind {epoch: is no format of a whole number.</exception>
    public ModelCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _ = PathOf(1);
    }

    /// <summary>Saves after every n-th epoch, at least 1, whatever its value; null, the default, saves the best.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? EveryEpochs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(EveryEpochs));
            field = value;
        }
    }

    /// <inheritdoc cref="EarlyStopping{T}.Monitor"/>
    public string? Monitor { get; init; }

    /// <inheritdoc cref="EarlyStopping{T}.Mode"/>
    public MonitorMode Mode { get; init; }

    /// <summary>The best value so far; null before the first that is finite, and where the best is not wanted.</summary>
    public double? BestValue { get; private set; }

    /// <summary>The file that was written last; null before the first.</summary>
    public string? LastPath { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _monitor = new(Monitor ?? MonitoredValue.Default(context.HasValidation), Mode);
        _measured = EveryEpochs is null ? new(context, _monitor) : null;
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _measured?.EpochBegin(context.Network);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (EveryEpochs is { } every)
        {
            if (context.Epoch % every == 0)
            {
                Save(context.Network, context.Epoch);
            }

            return;
        }

        double value = _monitor.Of(context.Result);
        if (!_monitor.IsBetter(value, BestValue))
        {
            return;
        }

        Network<T> network = context.Network;
        ReadOnlySpan<T> weights = _measured!.Of(network);
        if (weights != network.ParameterBlock)
        {
            network = network.Clone();
            weights.CopyTo(network.ParameterBlock);
        }

        Save(network, context.Epoch);
        BestValue = value;
    }

    /// <inheritdoc/>
    public override void SaveState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("best_value", BestValue);
        if (LastPath is not null)
        {
            state.Texts["last_path"] = LastPath;
        }
    }

    /// <inheritdoc/>
    public override void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        BestValue = state.Find("best_value");
        LastPath = state.Texts.TryGetValue("last_path", out string? path) ? path : null;
    }

    internal override string Identity => $"{base.Identity}({(EveryEpochs is { } every ? string.Create(CultureInfo.InvariantCulture, $"every {every}") : $"{Monitor ?? "default"}, {Mode}")})";

    private void Save(Network<T> network, int epoch)
    {
        string path = PathOf(epoch);
        network.Save(path);
        LastPath = path;
    }

    private string PathOf(int epoch)
    {
        int start = _path.IndexOf(Place, StringComparison.Ordinal);
        int end = start < 0 ? -1 : _path.IndexOf('}', start);
        if (end < 0)
        {
            return _path;
        }

        string format = _path[(start + Place.Length)..end];
        if (format is not ("" or [':', ..]))
        {
            return _path;
        }

        try
        {
            return string.Concat(_path.AsSpan(0, start), epoch.ToString(format is "" ? "" : format[1..], CultureInfo.InvariantCulture), _path.AsSpan(end + 1));
        }
        catch (FormatException error)
        {
            throw new ArgumentException($"'{format[1..]}' in {_path} is no format of a whole number. Use for example {{epoch:000}}.", error);
        }
    }
}
