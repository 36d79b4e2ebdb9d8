using System;
using System.Globalization;
using System.Numerics;

namespace SimdNet.Training.Callbacks;

/// <summary>What a trainer's steps have changed, kept to go back to: parameters and the state of the optimizer. The memory is made once.</summary>
internal sealed class TrainerSnapshot<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Trainer<T> _trainer;
    private readonly T[][] _blocks;
    private readonly double[] _numbers;

    public TrainerSnapshot(Trainer<T> trainer)
    {
        _trainer = trainer;
        _blocks = new T[trainer.StateBlocks][];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new T[trainer.StateBlock(i).Length];
        }

        _numbers = new double[trainer.StateNumbers.Length];
        Take();
    }

    /// <summary>Keeps the state as it is now.</summary>
    public void Take()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            _trainer.StateBlock(i).CopyTo(_blocks[i]);
        }

        _trainer.StateNumbers.CopyTo(_numbers);
    }

    /// <summary>Sets the state to what was kept. The learning rate stays.</summary>
    public void Restore()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].CopyTo(_trainer.StateBlock(i));
        }

        _numbers.CopyTo(_trainer.StateNumbers);
    }

    /// <summary>Puts what was kept into a checkpoint.</summary>
    public void Save(CallbackState<T> state, string name)
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            state.SetBlock(Part(name, i), _blocks[i]);
        }

        for (int i = 0; i < _numbers.Length; i++)
        {
            state.Numbers[Part(name, i)] = _numbers[i];
        }
    }

    /// <summary>Keeps what a checkpoint holds.</summary>
    public void Load(CallbackState<T> state, string name)
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            state.GetBlock(Part(name, i), _blocks[i]);
        }

        for (int i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = state.Number(Part(name, i));
        }

        if (!_trainer.Optimizer.Accepts(_numbers))
        {
            throw state.Damaged($"the numbers '{name}' of a callback are none of its optimizer");
        }
    }

    private static string Part(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}/{index}");
}
