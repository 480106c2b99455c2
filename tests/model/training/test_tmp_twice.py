import shutil,pytest
from dataclasses import replace
from pathlib import Path
from codekin_model.training.blend_config import BlendConfig, BlendTraining
from codekin_model.training.export import export_checkpoint
from codekin_model.training.start import start
def test_twice(tiny_model, corpus, tmp_path):
    out=tmp_path/"model"; shutil.copytree(tiny_model.folder,out)
    for seed in (1,2):
        run=tmp_path/f"run{seed}"
        start(BlendConfig(str(tiny_model.folder),training=BlendTraining(epochs=2,batch=12,learning_rate=1e-2,seed=seed)),corpus,run)
        print(export_checkpoint(run,out))
